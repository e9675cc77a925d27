"""What people mean by Latin letters: full pinyin, initials, both mixed, one letter wrong."""
