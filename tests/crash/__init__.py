"""The server is killed without warning, and the platforms have bad days: nothing is lost, nothing happens twice."""
