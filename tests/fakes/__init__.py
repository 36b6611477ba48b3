"""The outside world, for tests: chat platforms as small strict servers, and the people who hold the phones.

Nothing here replaces a part of the product. The product runs as it does in production and speaks HTTP to these servers,
which answer as the real platforms do: they keep state, forget nothing, and refuse what the real ones refuse.
"""
