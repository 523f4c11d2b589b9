import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Site } from './site.entity.js';

export type ContactRole = 'main' | 'deputy';

/** Đầu mối: whom to phone at a site. */
@Entity('contact')
@Check('ck_contact_role', `role IN ('main', 'deputy')`)
export class Contact {
  @PrimaryColumn('text', { name: 'site_code', primaryKeyConstraintName: 'pk_contact' })
  siteCode: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_contact' })
  role: ContactRole;

  @Column('text')
  name: string;

  @Column('text')
  phone: string;

  @ManyToOne(() => Site, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'site_code', foreignKeyConstraintName: 'fk_contact_site' })
  site: Relation<Site>;
}
