import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import type { Tier } from '../common/states.js';

/** A unit: điểm cầu. Keyed on its official code, since names are shared and change. */
@Entity('site')
@Check('ck_site_tier', `tier IN ('central', 'province', 'commune', 'ward')`)
@Check('ck_site_lat', 'lat BETWEEN -90 AND 90')
@Check('ck_site_lon', 'lon BETWEEN -180 AND 180')
export class Site {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_site' })
  code: string;

  @Column('text')
  name: string;

  @Column('text', { name: 'former_names', default: '' })
  formerNames: string;

  @Column('text')
  tier: Tier;

  @Column('text')
  area: string;

  @Column('double precision', { nullable: true })
  lat: number | null;

  @Column('double precision', { nullable: true })
  lon: number | null;
}
