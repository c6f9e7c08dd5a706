-- @name     pos-flat
-- @reads    csv, workbook, json, parquet
-- @columns  invoice, line, ship_date, sold_by, sold_to, sku, quantity
-- @optional price, currency, ship_to_city
--
-- The point-of-sale report that distributors send as a spreadsheet: one invoice line a row.
-- An invoice line is known by who sold, the invoice and the line number, so a report sent twice
-- changes nothing. A negative quantity is a return: the goods go back from the customer to the
-- seller, as a positive quantity. Dates are 2014-03-31 or 31.03.2014; other forms could mean two
-- days and are rejected. What cannot be read is handed on as it came, so that its reject shows it.
-- @into shipments
SELECT
    _record,
    'pos:' || sold_by || ':' || invoice || ':' || line AS id,
    coalesce(
        strftime(try_strptime(trim(ship_date), '%d.%m.%Y'), '%Y-%m-%d'),
        ship_date
    ) AS shipped_on,
    if(is_return, sold_to, sold_by) AS seller_id,
    if(is_return, sold_by, sold_to) AS buyer_id,
    sku AS product_id,
    if(is_return, (-units)::VARCHAR, quantity) AS quantity,
    -- The exact product, without the zeros that the decimal type appends.
    coalesce(
        regexp_replace((abs(units) * unit_price)::VARCHAR, '\.?0+$', ''),
        price
    ) AS amount,
    currency,
    -- The goods of a return went where the seller is, not where they had been shipped to.
    if(is_return, NULL, ship_to_city) AS ship_to_city_id,
    invoice AS document,
    sold_by AS reporter_id
FROM (
    SELECT
        *,
        coalesce(units < 0, false) AS is_return,
        try_cast(price AS DECIMAL(24, 8)) AS unit_price
    FROM (
        SELECT
            *,
            -- A cast alone would round 1.5 units to 2.
            if(
                regexp_full_match(trim(quantity), '-?[0-9]+'),
                try_cast(quantity AS DECIMAL(14, 0)),
                NULL
            ) AS units
        FROM source
    )
)
