from pathlib import Path

#: The definition that ships with the portal.
SHIPPED = Path(__file__).parents[2] / "campaign" / "data" / "jinzhi-2019-68.toml"
