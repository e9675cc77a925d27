"""Mode profiles (放权方式说明): what a mode means in one list, step by step, each field with its clause (D-3)."""
