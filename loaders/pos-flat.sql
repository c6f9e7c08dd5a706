-- @name     pos-flat
-- @reads    csv, workbook, json, parquet
-- @columns  invoice, line, ship_date, sold_by, sold_to, sku, quantity
-- @optional price, currency, ship_to_city, invoice_date, serial_number, serial_no, serial, type, transaction_type, document_type
-- @numbers  quantity, price
-- @days     ship_date, invoice_date
--
-- The point-of-sale report that distributors send as a spreadsheet: one invoice line a row, or one
-- unit of it with its serial number. A negative quantity is a return: the goods go back from the
-- customer to the seller, as a positive quantity, whether its price is negative as well or not. So is
-- a line whose type is a word for a return or credit. A price below zero with a quantity above it is
-- neither: it is rejected.
--
-- A line is known by what makes it that movement, so a report sent twice changes nothing: who sold,
-- the invoice and its line, then the year of the invoice (of the shipment, where it has no date of
-- its own), since numbers begin anew each year; of a return its day instead, since one line may be
-- credited more than once; and the serial number where a row has one. Where each of several rows
-- with a serial number repeats the quantity of all, a row is one unit.
-- @into shipments
WITH parsed AS (
    SELECT
        *,
        -- A cast alone would round 1.5 units to 2.
        if(
            regexp_full_match(quantity, '-?[0-9]+'),
            try_cast(quantity AS DECIMAL(14, 0)),
            NULL
        ) AS told,
        try_cast(price AS DECIMAL(24, 8)) AS unit_price,
        ship_date AS day,
        coalesce(serial_number, serial_no, serial) AS numbers,
        if(regexp_matches(numbers, '[,;|\n]'), NULL, numbers) AS number,
        -- A quantity that cannot be read may still show that it is one of a return.
        coalesce(told < 0, starts_with(quantity, '-'), false) OR coalesce(
            lower(trim(coalesce(type, transaction_type, document_type))) IN (
                'return', 'returns', 'rma', 'credit', 'credit note', 'credit memo', 'retoure',
                'rücksendung', 'gutschrift', 'avoir', 'note de crédit', 'devolución', 'abono',
                'nota de crédito', 'nota di credito', 'reso', 'zwrot', 'korekta'
            ),
            false
        ) AS is_return,
        'pos:' || sold_by || ':' || invoice || ':' || line || ':' || if(
            is_return,
            'return:' || day,
            coalesce(
                nullif(regexp_extract(coalesce(invoice_date, day), '\b(19|20)\d\d\b'), ''),
                '?'
            )
        ) AS movement
    FROM source
),
rows_of_one AS (
    SELECT movement, count(DISTINCT number) AS units
    FROM parsed
    WHERE number IS NOT NULL
    GROUP BY movement
    HAVING count(DISTINCT number) > 1
),
counted AS (
    SELECT
        parsed.*,
        rows_of_one.units AS numbered,
        CASE
            WHEN number IS NULL OR numbered IS NULL OR abs(told) <= 1 THEN told
            WHEN abs(told) = numbered THEN sign(told)
        END AS units
    FROM parsed LEFT JOIN rows_of_one USING (movement)
)
SELECT
    _record,
    movement || coalesce(':' || number, '') AS id,
    day AS shipped_on,
    if(is_return, sold_to, sold_by) AS seller_id,
    if(is_return, sold_by, sold_to) AS buyer_id,
    sku AS product_id,
    CASE
        WHEN units IS NOT NULL THEN if(is_return, abs(units)::VARCHAR, units::VARCHAR)
        WHEN told IS NULL THEN quantity
        ELSE quantity || ' on each of ' || numbered || ' rows with a serial number'
    END AS quantity,
    -- Exact to the last decimal of the price, then rounded to those of an amount; without the
    -- zeros that the decimal type appends.
    if(
        unit_price IS NULL OR (unit_price < 0 AND NOT is_return),
        price,
        regexp_replace(
            round(abs(units) * if(is_return, abs(unit_price), unit_price), 4)::VARCHAR,
            '\.?0+$',
            ''
        )
    ) AS amount,
    currency,
    -- The goods of a return went where the seller is, not where they had been shipped to.
    if(is_return, NULL, ship_to_city) AS ship_to_city_id,
    invoice AS document,
    sold_by AS reporter_id
FROM counted
-- @into serials
WITH parsed AS (
    SELECT
        *,
        ship_date AS day,
        coalesce(serial_number, serial_no, serial) AS numbers,
        starts_with(quantity, '-') OR coalesce(
            lower(trim(coalesce(type, transaction_type, document_type))) IN (
                'return', 'returns', 'rma', 'credit', 'credit note', 'credit memo', 'retoure',
                'rücksendung', 'gutschrift', 'avoir', 'note de crédit', 'devolución', 'abono',
                'nota de crédito', 'nota di credito', 'reso', 'zwrot', 'korekta'
            ),
            false
        ) AS is_return,
        'pos:' || sold_by || ':' || invoice || ':' || line || ':' || if(
            is_return,
            'return:' || day,
            coalesce(
                nullif(regexp_extract(coalesce(invoice_date, day), '\b(19|20)\d\d\b'), ''),
                '?'
            )
        ) AS movement
    FROM source
    WHERE coalesce(serial_number, serial_no, serial) IS NOT NULL
)
SELECT
    _record,
    movement || if(len(several) > 1, '', ':' || numbers) AS shipment_id,
    unnest(several) AS serial
FROM (SELECT *, string_split_regex(numbers, '\s*[,;|\n]\s*') AS several FROM parsed)
