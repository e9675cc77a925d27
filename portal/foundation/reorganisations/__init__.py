"""Reorganisations (撤并): places and bodies renamed, merged, split, ended, with everything that hangs on them.

Implements G-1 and G-3: what was published under the old name stays readable, what goes on passes to a successor.
"""
