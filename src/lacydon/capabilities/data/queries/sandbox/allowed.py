"""What SQL of anybody may use of the engine, by the engine's own names. What is not here is refused.

Functions that give the same of the same, look at nothing but their arguments and take memory in proportion to them:
no file, setting, catalogue, sequence, chance, waiting; nothing that makes a long text or list out of a number.
"""

FUNCTIONS = frozenset(
    """
    + - * / // % ** ^ ^@ @ & | << >> ~ ! && || ~~ !~~ ~~* !~~* ~~~ -> ->> <@ @> <=> <->
    abs acos acosh add age aggregate any_value approx_count_distinct approx_quantile arbitrary arg_max arg_max_null
    arg_min arg_min_null argmax argmin array_agg array_append array_cat array_concat array_contains array_distinct
    array_extract array_filter array_has array_has_all array_has_any array_indexof array_length array_position
    array_prepend array_reverse array_slice array_sort array_to_string array_transform array_unique array_value ascii
    asin asinh atan atan2 atanh avg bit_and bit_count bit_length bit_or bit_xor bool_and bool_or cardinality cbrt ceil
    ceiling century char_length character_length chr concat concat_ws constant_or_null contains corr cos cosh cot count
    count_if count_star countif covar_pop covar_samp cume_dist current_date current_timestamp date_add date_diff
    date_part date_sub date_trunc datediff datepart datesub datetrunc day dayname dayofmonth dayofweek dayofyear
    days_in_month decade degrees dense_rank divide element_at encode ends_with entropy epoch epoch_ms epoch_ns epoch_us
    era even exp factorial favg fdiv filter first first_value flatten floor fmod from_base64 from_hex
    fsum gamma gcd generate_subscripts geomean geometric_mean get_current_timestamp greatest group_concat grouping
    grouping_id hash hex histogram hour ilike_escape instr isfinite isinf isnan isodow isoyear json json_array
    json_array_length json_contains json_exists json_extract json_extract_path json_extract_path_text
    json_extract_string json_group_array json_group_object json_keys json_object json_quote json_structure json_type
    json_valid json_value julian kahan_sum kurtosis kurtosis_pop lag last last_day last_value lcase lcm lead least left
    left_grapheme len length length_grapheme lgamma like_escape list list_aggr list_aggregate list_any_value list_append
    list_apply list_avg list_bool_and list_bool_or list_concat list_contains list_count list_distinct list_element
    list_entropy list_extract list_filter list_first list_has list_has_all list_has_any list_histogram list_indexof
    list_last list_max list_median list_min list_mode list_position list_prepend list_product list_reduce list_reverse
    list_reverse_sort list_select list_slice list_sort list_stddev_pop list_stddev_samp list_string_agg list_sum
    list_transform list_unique list_value list_var_pop list_var_samp list_where list_zip listagg ln log log10 log2 lower
    lpad ltrim mad make_date make_time make_timestamp make_timestamptz map map_contains map_entries map_extract
    map_from_entries map_keys map_values max max_by md5 mean median microsecond millennium millisecond min min_by minute
    mod mode month monthname multiply nextafter nfc_normalize not_ilike_escape not_like_escape now nth_value ntile
    nullif octet_length ord percent_rank pi position pow power prefix product quantile quantile_cont quantile_disc
    quarter radians rank rank_dense regexp_escape regexp_extract regexp_extract_all regexp_full_match
    regexp_matches regexp_replace regexp_split_to_array regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope
    regr_sxx regr_sxy regr_syy replace reverse right right_grapheme round round_even row row_number rpad rtrim second
    sem sha1 sha256 sign signbit sin sinh skewness split split_part sqrt starts_with stddev stddev_pop stddev_samp
    str_split strftime string_agg string_split string_to_array strip_accents strlen strpos strptime struct_extract
    struct_extract_at struct_pack substr substring substring_grapheme subtract suffix sum sum_no_overflow sumkahan tan
    tanh time_bucket timezone to_base64 to_centuries to_days to_decades to_hex to_hours to_json to_microseconds
    to_milliseconds to_minutes to_months to_quarters to_seconds to_timestamp to_weeks to_years today translate trim
    trunc try_strptime typeof ucase unhex unicode unnest upper url_decode url_encode var_pop var_samp variance week
    weekday weekofyear weighted_avg xor year yearweek
    """.split()
)
"""Scalar, aggregate and window functions. An error of memory that one of them made all the same stops the cage, and
the cage alone."""
TABLES = frozenset({"range", "generate_series", "unnest"})
"""Functions that give rows: one at a time, so that time stops them."""
CLASSES = frozenset(
    """
    BETWEEN CASE CAST COLLATE COLUMN_REF COMPARISON CONJUNCTION CONSTANT FUNCTION LAMBDA LAMBDA_REF OPERATOR
    POSITIONAL_REFERENCE STAR SUBQUERY WINDOW
    """.split()
)
"""Kinds of expressions."""
PARTS = frozenset(
    """
    ARRAY_TYPE_INFO ASCENDING BASE_TABLE CTE_NODE DECIMAL_TYPE_INFO DESCENDING DISTINCT_MODIFIER EMPTY EXPRESSION_LIST
    JOIN LIMIT_MODIFIER LIST_TYPE_INFO ORDER_DEFAULT ORDER_MODIFIER RECURSIVE_CTE_NODE SELECT_NODE SET_OPERATION_NODE
    STRING_TYPE_INFO STRUCT_TYPE_INFO SUBQUERY TABLE_FUNCTION UNBOUND_TYPE_INFO
    """.split()
)
"""Kinds of nodes, of what stands in FROM, of what comes after, of orders and types."""
