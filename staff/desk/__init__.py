"""The frame of all screens: site, sign-in, home, navigation; pages, lists, cases, documents, exports, form fields."""
