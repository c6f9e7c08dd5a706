// @name        Region with partners on paper but no route that obeys the policy
// @section     3.1
// @severity    medium
// @message     Partners are authorized in region {subject}, but no route that obeys the policy leads
//              to its end users; missing: {missing}
// @analysis    coverage.gap_rules:no_compliant_route
// @population  (region:Region)
//              WHERE region.id <> '*' AND NOT EXISTS { MATCH (:Region)-[:PART_OF]->(region) }
//
// A place is served only if goods can come from the vendor to end users there over hops that the
// policy allows, between partners that are active, certified and authorized there on the day; a
// reseller buys from a distributor that certified it, or from any if a vendor did. A partner is
// there on paper if it is authorized by name and holds, or held, a role that may supply end users.
MATCH (region:Region)-[:WITHIN]->(named:Region)<-[a:AUTHORIZED_IN]-(partner:Partner),
      (partner)-[c:CERTIFIED_BY]->(issuer:Party)
WHERE named.id <> '*'
  AND NOT EXISTS { MATCH (:Region)-[:PART_OF]->(region) }
  AND a.valid_from <= $as_of <= a.valid_to
RETURN DISTINCT region.id AS region, partner.id AS partner, c.role AS role, issuer.id AS issuer,
       EXISTS { MATCH (vendor:Vendor) WHERE vendor.id = issuer.id } AS by_vendor,
       c.valid_from <= $as_of <= c.valid_to AS holds,
       partner.joined_on <= $as_of <= partner.terminated_on AS active
