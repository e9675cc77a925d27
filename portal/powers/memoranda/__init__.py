"""Memoranda (审管衔接备忘录): between an approval bureau and a department, agreed by both and published (Y-3: S2.4)."""
