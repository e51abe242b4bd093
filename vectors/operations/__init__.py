"""Operations on vectors of 64 bytes, by subject: the type, arithmetic, masks, memory, exponentials."""
