"""Reports of a day and of a collection, as values and on paper."""
