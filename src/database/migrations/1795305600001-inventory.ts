import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sites keyed on the official unit code, their endpoints and contacts. */
export class Inventory1795305600001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE site (
      code text CONSTRAINT pk_site PRIMARY KEY,
      name text NOT NULL,
      tier text NOT NULL CONSTRAINT ck_site_tier CHECK (tier IN ('central', 'province', 'commune', 'ward')),
      area text NOT NULL,
      lat double precision CONSTRAINT ck_site_lat CHECK (lat BETWEEN -90 AND 90),
      lon double precision CONSTRAINT ck_site_lon CHECK (lon BETWEEN -180 AND 180)
    )`);
    await runner.query(`CREATE TABLE endpoint (
      id text CONSTRAINT pk_endpoint PRIMARY KEY,
      site_code text NOT NULL CONSTRAINT fk_endpoint_site REFERENCES site (code),
      ordinal smallint NOT NULL,
      address text NOT NULL,
      sip_uri text,
      h323 text,
      carrier text NOT NULL,
      circuit_id text NOT NULL,
      model text NOT NULL,
      note text NOT NULL,
      removed_at timestamptz,
      CONSTRAINT uq_endpoint_site_ordinal UNIQUE (site_code, ordinal)
    )`);
    await runner.query(`CREATE TABLE contact (
      site_code text NOT NULL CONSTRAINT fk_contact_site REFERENCES site (code) ON DELETE CASCADE,
      role text NOT NULL CONSTRAINT ck_contact_role CHECK (role IN ('main', 'deputy')),
      name text NOT NULL,
      phone text NOT NULL,
      CONSTRAINT pk_contact PRIMARY KEY (site_code, role)
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE contact, endpoint, site');
  }
}
