"""From an application's terms to a signed letter or other paper."""
