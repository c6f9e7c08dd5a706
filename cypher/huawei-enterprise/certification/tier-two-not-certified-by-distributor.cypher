// @name        Tier-2 certificate issued by a partner that was no distributor
// @section     3.1
// @severity    medium
// @message     {subject} holds a tier-2 certificate from a partner that was no distributor on its
//              first day
// @population  (:Party)-[c:CERTIFIED_BY]->()
//              WHERE c.role IN ['platinum', 'gold', 'silver', 'recognized']
//
// Distributors recruit and certify tier-2 resellers on the vendor's behalf. The issuer must have
// been a distributor on the certificate's first day; what became of it later does not matter. The
// vendor may certify anybody itself.
MATCH (holder:Party)-[c:CERTIFIED_BY]->(issuer:Partner)
WHERE c.role IN ['platinum', 'gold', 'silver', 'recognized']
  AND NOT EXISTS {
    MATCH (issuer)-[d:CERTIFIED_BY]->(:Party)
    WHERE d.role = 'distributor'
      AND d.valid_from <= c.valid_from <= d.valid_to
  }
RETURN holder.id AS subject, c.role AS role, issuer.id AS issuer,
       c.valid_from AS valid_from, c.valid_to AS valid_to
