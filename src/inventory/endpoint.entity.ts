import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation, Unique } from 'typeorm';
import { Site } from './site.entity.js';

/** Thiết bị đầu cuối: one device of a site, with the line it hangs on. */
@Entity('endpoint')
@Unique('uq_endpoint_site_ordinal', ['siteCode', 'ordinal'])
export class Endpoint {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_endpoint' })
  id: string;

  @Column('text', { name: 'site_code' })
  siteCode: string;

  @Column('smallint')
  ordinal: number;

  @Column('text')
  address: string;

  @Column('text', { name: 'sip_uri', nullable: true })
  sipUri: string | null;

  @Column('text', { nullable: true })
  h323: string | null;

  @Column('text')
  carrier: string;

  @Column('text', { name: 'circuit_id' })
  circuitId: string;

  @Column('text')
  model: string;

  @Column('text')
  note: string;

  /** Set when it left the inventory; the row stays, since its results do. */
  @Column('timestamptz', { name: 'removed_at', nullable: true })
  removedAt: Date | null;

  @ManyToOne(() => Site)
  @JoinColumn({ name: 'site_code', foreignKeyConstraintName: 'fk_endpoint_site' })
  site: Relation<Site>;
}
