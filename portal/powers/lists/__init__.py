"""Lists (清单): what one policy hands down, by which mode, to which places, and so one answer for each (D-1 to D-11)."""
