// What each seller sold of each product family to end users in the period, by currency.
MATCH (seller:Party)-[s:SUPPLIED]->(:EndUser)
WHERE $since <= s.shipped_on <= $as_of
WITH seller.id AS seller, s.product_id AS product_id, s.currency AS currency,
     count(*) AS lines, sum(s.quantity) AS units, sum(toInteger(round(s.amount * 10000))) AS amount
MATCH (product:Product {id: product_id})
RETURN product.family AS family, seller, currency,
       sum(lines) AS lines, sum(units) AS units, sum(amount) AS amount
