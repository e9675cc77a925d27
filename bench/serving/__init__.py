"""What stands beside ours in bench/serve.py: a bare WSGI callable with the same bytes, and Flask's hello."""
