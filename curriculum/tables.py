"""Every table there is: imported by migrations and tests so that none is forgotten."""

from curriculum.base import Base

metadata = Base.metadata
