"""The demo: a fictional organisation, its people and the receipts they send."""
