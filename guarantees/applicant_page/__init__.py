"""The applicant's own page: behind a link and a code, what is asked for, what to pay, and the letter.

What a stranger could try, and what stands against it:

- guess a link: 192 random bits, and a page asks for the code whether there is such a link or not. A link that is
  unknown, expired or stopped, and a wrong code, get one and the same answer;
- guess the code of a link that was passed on: five wrong ones an hour, twenty in all, then the link is dead and the
  case says so (`guarantees.applicants.links`); a network that guesses at many links is stopped too (`rate_limits`);
- read the link somewhere: no address of this page is logged (`config.logs`) or sent on as a referrer, no cache keeps
  the page, no search engine lists it. What a proxy in front logs, docs/operating.md tells how to switch off;
- take over a session: its cookie is the link's own, signed, for this path alone, HttpOnly and SameSite, and over within
  half an hour; a link that is stopped ends it at once (`session`);
- plant a file: told by its content, never shown to the applicant again, served to staff as documents are;
- learn of people: no identity number, no telephone, no person's name stands on the page.
"""
