"""Reports: figures for a period or at a date, on the screen and as files."""
