from tests.proposals.conftest import _on_a_monday, college  # noqa: F401 - fixtures
