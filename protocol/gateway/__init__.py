"""The platform's way in, in the order a request passes: middleware, parsers, authentication, views, renderers."""
