// @name        Distributor that reaches too little of a country's market
// @section     3.1
// @severity    low
// @message     {subject} and the tier-2 resellers that it certified reach {percent}% of the demand
//              that it is authorized for in {country}: {reached} of {regions} regions
// @identity    country
// @analysis    coverage.gap_rules:distributor_thin_country
// @population  (distributor:Partner)-[c:CERTIFIED_BY]->(:Party) WHERE c.role = 'distributor' AND
//              c.valid_from <= $as_of <= c.valid_to AND EXISTS { MATCH
//              (distributor)-[a:AUTHORIZED_IN]->(named:Region) WHERE named.id <> '*' AND
//              a.valid_from <= $as_of <= a.valid_to }
//
// A distributor's business covers most of the market of its authorized countries. Its market in a
// country is the demand of the smallest regions there that its authorizations name or hold. It
// reaches a region with an open branch there, or through an active tier-2 reseller that it certified
// and that is authorized there. The threshold is ours. A country is not judged where a region that
// it reaches states no demand.
MATCH (region:Region)-[:WITHIN]->(named:Region)<-[a:AUTHORIZED_IN]-(partner:Partner),
      (partner)-[c:CERTIFIED_BY]->(issuer:Party)
WHERE named.id <> '*'
  AND NOT EXISTS { MATCH (:Region)-[:PART_OF]->(region) }
  AND a.valid_from <= $as_of <= a.valid_to
  AND c.valid_from <= $as_of <= c.valid_to
  AND partner.joined_on <= $as_of <= partner.terminated_on
WITH DISTINCT region, partner, c.role AS role, issuer
MATCH (region)-[:WITHIN]->(around:Region)
WITH region, partner, role, issuer, min(around.country) AS country
RETURN region.id AS region, coalesce(region.country, country) AS country, region.demand AS demand,
       partner.id AS partner, role, issuer.id AS issuer,
       EXISTS {
         MATCH (partner)-[b:HAS_BRANCH]->(:City)-[:WITHIN]->(region)
         WHERE b.opened_on <= $as_of <= b.closed_on
       } AS branch
