"""Operations and instructions over the API: the same rows and actions as the pages."""
