"""What an audit reads: text files of records, folders of tables, Parquet files, filled forms."""
