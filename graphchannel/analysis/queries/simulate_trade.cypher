// What some partners bought from the vendor and sold to partners and end users from $since to
// $as_of, by currency. Amounts are added in ten-thousandths, which is exact.
MATCH (partner:Partner)-[s:SUPPLIED]->(:Party)
WHERE partner.id IN $partners
  AND $since <= s.shipped_on <= $as_of
RETURN partner.id AS partner,
       CASE WHEN s.buyer_role = 'end_user' THEN 'sold to end users'
            WHEN s.buyer_role = 'vendor' THEN 'returned to the vendor'
            ELSE 'sold to partners' END AS trade,
       s.currency AS currency, count(*) AS lines, count(s.amount) AS priced,
       sum(s.quantity) AS units, sum(toInteger(round(s.amount * 10000))) AS amount
UNION ALL
MATCH (:Vendor)-[s:SUPPLIED]->(partner:Partner)
WHERE partner.id IN $partners
  AND $since <= s.shipped_on <= $as_of
RETURN partner.id AS partner, 'bought from the vendor' AS trade, s.currency AS currency,
       count(*) AS lines, count(s.amount) AS priced,
       sum(s.quantity) AS units, sum(toInteger(round(s.amount * 10000))) AS amount
