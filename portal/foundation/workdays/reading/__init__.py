"""Reading a year's arrangement, in a notice's own words or as a person types it, and writing one out to be changed."""
