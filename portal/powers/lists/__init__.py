"""Lists (清单): what a policy hands down, by which mode, to which places; one answer for each (D-1 to D-11)."""
