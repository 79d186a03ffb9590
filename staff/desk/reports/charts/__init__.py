"""Charts: described once, laid out once, drawn on the page and on paper."""
