from tests.supervision.conftest import school

__all__ = ["school"]
