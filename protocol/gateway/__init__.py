"""The platform's way in: `order` lists the checks that a request passes, `stages` what is known of it after each."""
