// Promised sales whose period has a day from $since to $as_of, with what was sold towards them.
// What counts is what counts for the rule targets/missed: for a region all lines into it, for an
// industry the lines to its end users, in the target's currency only, less what was sent back within
// the period. Whole cents.
MATCH (partner:Partner)-[target:PROMISED]->(region:Region)
WHERE target.period_start <= $as_of AND target.period_end >= $since
OPTIONAL MATCH (partner)-[s:SUPPLIED]->(buyer:Party)
WHERE target.period_start <= s.shipped_on <= target.period_end
  AND s.shipped_on <= $as_of
  AND s.flow <> 'upstream'
  AND s.currency = target.currency
  AND EXISTS { MATCH (:City {id: s.destination_id})-[:WITHIN]->(region) }
WITH partner, region, target, buyer, s.product_id AS product, min(s.shipped_on) AS since,
     sum(toInteger(round(s.amount * 10000))) AS given
OPTIONAL MATCH (buyer)-[r:SUPPLIED]->(partner)
WHERE r.product_id = product
  AND r.flow IN ['upstream', 'other']
  AND since <= r.shipped_on <= target.period_end
  AND r.shipped_on <= $as_of
  AND r.currency = target.currency
WITH partner, region, target, buyer, product, given,
     sum(toInteger(round(r.amount * 10000))) AS back
WITH partner, region, target,
     (sum(CASE WHEN given > back THEN given - back ELSE 0 END) + 50) / 100 AS sold,
     toInteger(round(target.amount * 100)) AS promised
RETURN target.period_start AS period_start, target.period_end AS period_end,
       target.currency AS currency, 'region' AS scope, count(*) AS targets,
       sum(CASE WHEN sold >= promised THEN 1 ELSE 0 END) AS met,
       sum(promised) AS promised, sum(sold) AS sold
UNION ALL
MATCH (partner:Partner)-[target:PROMISED]->(industry:Industry)
WHERE target.period_start <= $as_of AND target.period_end >= $since
OPTIONAL MATCH (partner)-[s:SUPPLIED]->(buyer:EndUser)
WHERE target.period_start <= s.shipped_on <= target.period_end
  AND s.shipped_on <= $as_of
  AND s.currency = target.currency
  AND buyer.industry_id = industry.id
WITH partner, industry, target, buyer, s.product_id AS product, min(s.shipped_on) AS since,
     sum(toInteger(round(s.amount * 10000))) AS given
OPTIONAL MATCH (buyer)-[r:SUPPLIED]->(partner)
WHERE r.product_id = product
  AND r.flow IN ['upstream', 'other']
  AND since <= r.shipped_on <= target.period_end
  AND r.shipped_on <= $as_of
  AND r.currency = target.currency
WITH partner, industry, target, buyer, product, given,
     sum(toInteger(round(r.amount * 10000))) AS back
WITH partner, industry, target,
     (sum(CASE WHEN given > back THEN given - back ELSE 0 END) + 50) / 100 AS sold,
     toInteger(round(target.amount * 100)) AS promised
RETURN target.period_start AS period_start, target.period_end AS period_end,
       target.currency AS currency, 'industry' AS scope, count(*) AS targets,
       sum(CASE WHEN sold >= promised THEN 1 ELSE 0 END) AS met,
       sum(promised) AS promised, sum(sold) AS sold
