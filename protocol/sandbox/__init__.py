"""The government-procurement platform's side of the conversation, for demonstrations and joint debugging.

A party of its own, with its own keys: it knows the gateway by its address alone and never touches our models.

state = load_or_create(directory)
store = Store(directory / "sandbox.sqlite3")
platform = Platform(state.party(institution_public_key), "http://127.0.0.1:8000/gateway/", store)
serve(Application(platform), "127.0.0.1", 8100).run()
"""
