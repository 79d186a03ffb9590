import pytest

from tests.protocol.sandbox.conversation import Conversation, begin


@pytest.fixture
def talk() -> Conversation:
    return begin()
