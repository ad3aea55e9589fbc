"""How unions are usually called; names are data and read the same in every language."""

ENDING = "工会委员会"


def proposed_union_name(employer_name: str) -> str:
    """命名规则：「单位名称」工会委员会 (手册 二); empty without an employer's name."""
    return f"{employer_name}{ENDING}" if employer_name else ""
