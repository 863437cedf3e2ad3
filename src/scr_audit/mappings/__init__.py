"""National data made into records: mappings, which are data, and the readers that apply them."""
