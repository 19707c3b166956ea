/** An object of the catalogue, with the digest that proves it whole. */
export interface CatalogueObject {
  key: string;
  sha256: string;
  bytes: number;
}
