// @name        Region without a tier-2 reseller
// @section     3.1
// @severity    medium
// @message     No tier-2 reseller is authorized in region {subject} or in a region around it
// @population  (region:Region)
//              WHERE region.id <> '*' AND NOT EXISTS { MATCH (:Region)-[:PART_OF]->(region) }
//
// Distributors recruit tier-2 resellers until the regions are covered. Only the smallest regions
// are looked at; an authorization for a region around one covers it. An authorization that names no
// region, only an industry, covers nothing here.
MATCH (region:Region)
WHERE region.id <> '*'
  AND NOT EXISTS { MATCH (:Region)-[:PART_OF]->(region) }
  AND NOT EXISTS {
    MATCH (region)-[:WITHIN]->(named:Region)<-[a:AUTHORIZED_IN]-(partner:Partner),
          (partner)-[c:CERTIFIED_BY]->(:Party)
    WHERE named.id <> '*'
      AND a.valid_from <= $as_of <= a.valid_to
      AND c.role IN ['platinum', 'gold', 'silver', 'recognized']
      AND c.valid_from <= $as_of <= c.valid_to
      AND partner.joined_on <= $as_of <= partner.terminated_on
  }
RETURN region.id AS subject, region.country AS country, region.demand AS demand
