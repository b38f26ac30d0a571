"""Which files there are, and how others are put in their places."""
