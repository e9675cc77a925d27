"""The board: who owes what, and is it late (T-1). It costs as much as there is owed, not as there ever was."""
