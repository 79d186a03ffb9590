"""A beneficiary's demand on a guarantee, from PREP105 to PREP106."""
