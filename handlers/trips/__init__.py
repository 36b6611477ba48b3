"""Trips for work: asked for before (``requests``, of the lines of ``estimate``), with what is not known yet asked one
question at a time (``asking``, in the chat ``chat``)."""
