"""Memory: database, blobs, audit chain and jobs. Knows nothing of chats or of reading receipts."""
