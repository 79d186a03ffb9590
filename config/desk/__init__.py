"""The desk: the admin site itself. It collects what each room offers: screens, counters, events."""
