"""The floor of the powers handed down: matters, lists, duties and the points where people go."""
