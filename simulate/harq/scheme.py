"""How a frame is sent again, as configurations say it."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import pydantic

from ...codes import Code
from ..fields import AnyWhole, Model

#: Most transmissions of a frame.
MOST_TRANSMISSIONS = 32
#: Transmissions where neither they nor versions are given.
USUAL_TRANSMISSIONS = 4


class Harq(Model):
    """How a frame is sent again until the receiver accepts it."""

    type: Literal["incremental-redundancy", "chase", "arq"] = pydantic.Field(
        ...,
        description="incremental-redundancy: each transmission is a redundancy version of the code, and all "
        "that was received is decoded together. chase: the same bits again, whose LLRs are added bit by "
        "bit (Chase combining). arq: the same bits again, each decoded by itself (type-I HARQ).",
    )
    transmissions: Annotated[int, pydantic.Field(ge=1, le=MOST_TRANSMISSIONS), AnyWhole] | None = (
        pydantic.Field(None, description="Most transmissions of a frame, the first one too. By default 4.")
    )
    versions: Annotated[list[Annotated[int, AnyWhole]], pydantic.Field(min_length=1)] | None = pydantic.Field(
        None,
        description="With incremental-redundancy: the redundancy version of each transmission. By default "
        "the code's own, in their usual order, again and again.",
    )
    detection: Literal["decoder", "genie"] = pydantic.Field(
        "decoder",
        description="What accepts a frame: the decoder's own word, which is a cyclic redundancy check where "
        "the code has one, and whose undetected errors count; or a genie that knows what was sent.",
    )

    def of_code(self, code: Code) -> "Harq":
        """The same with every default filled in.

        Raises
        ------
        ValueError
            If the code has not these versions, there are not as many as transmissions, or all transmissions
            are the same.
        """
        combined = self.type == "incremental-redundancy"
        if self.versions is not None and not combined:
            raise ValueError(
                f"versions belong to incremental-redundancy: {self.type} sends the same bits each time"
            )
        count = self.transmissions
        if count is None:
            count = USUAL_TRANSMISSIONS if self.versions is None else len(self.versions)
        if self.versions is not None and len(self.versions) != count:
            raise ValueError(
                f"versions must have one entry for each of the {count} transmissions, got "
                f"{len(self.versions)}"
            )
        versions = self.versions
        if combined and versions is None:
            order = () if code.redundancy is None else code.redundancy.order
            versions = [order[i % len(order)] for i in range(count)] if order else [0]
        if versions is not None:
            code.transmissions(versions[:1])
        return self.model_copy(update={"transmissions": count, "versions": versions})

    @property
    def most(self) -> int:
        """Most transmissions, of a scheme that ``of_code`` returned."""
        assert self.transmissions is not None
        return self.transmissions

    def codes(self, code: Code) -> tuple[Code, ...]:
        """What is decoded after each transmission, of a scheme that ``of_code`` returned.

        One code for all where the same bits are sent each time. Raises ValueError as ``Code.transmissions``.
        """
        if self.versions is None:
            return (code,)
        return tuple(code.transmissions(self.versions[: t + 1]) for t in range(self.most))

    def data(self) -> Mapping[str, Any]:
        """Plain data, without what is not there."""
        return self.model_dump(exclude_none=True)
