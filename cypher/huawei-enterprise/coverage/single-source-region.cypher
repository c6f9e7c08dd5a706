// @name        Region that depends on one partner
// @section     3.1
// @severity    low
// @message     Every route that obeys the policy into region {subject} leads through {object}
// @analysis    coverage.gap_rules:single_source_region
// @population  (region:Region)
//              WHERE region.id <> '*' AND NOT EXISTS { MATCH (:Region)-[:PART_OF]->(region) }
//
// If that one partner leaves, is terminated or loses its certificate, the region is uncovered. It
// may be the only reseller, or the only distributor of all resellers there. A region that no route
// leads to is another rule's finding.
MATCH (region:Region)-[:WITHIN]->(named:Region)<-[a:AUTHORIZED_IN]-(partner:Partner),
      (partner)-[c:CERTIFIED_BY]->(issuer:Party)
WHERE named.id <> '*'
  AND NOT EXISTS { MATCH (:Region)-[:PART_OF]->(region) }
  AND a.valid_from <= $as_of <= a.valid_to
  AND c.valid_from <= $as_of <= c.valid_to
  AND partner.joined_on <= $as_of <= partner.terminated_on
RETURN DISTINCT region.id AS region, partner.id AS partner, c.role AS role, issuer.id AS issuer,
       EXISTS { MATCH (vendor:Vendor) WHERE vendor.id = issuer.id } AS by_vendor,
       true AS holds, true AS active
