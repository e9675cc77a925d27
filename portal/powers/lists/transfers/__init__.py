"""Transfer lists (划转清单): what departments gave to the approval bureau of their level, stamp and all (Y-1, Y-4)."""
