import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In, IsNull } from 'typeorm';
import { ok, type Result } from '../common/result.js';
import { ADVISORY_LOCKS } from '../database/advisory-locks.js';
import { Contact, type ContactRole } from './contact.entity.js';
import { Endpoint } from './endpoint.entity.js';
import type { EndpointRecord } from './endpoint-record.js';
import { diffInventory, type InventoryDiff } from './inventory-diff.js';
import { Site } from './site.entity.js';

/** PostgreSQL takes 65,535 parameters a statement; an endpoint has 11 */
const CHUNK = { chunk: 1_000 };

@Injectable()
export class InventoryRepository {
  constructor(private readonly dataSource: DataSource) {}

  list(): Promise<EndpointRecord[]> {
    return readEndpoints(this.dataSource.manager);
  }

  knows(id: string): Promise<boolean> {
    return this.dataSource.manager.existsBy(Endpoint, { id });
  }

  /**
   * All or nothing. `decide` sees the inventory as it is while nobody else can change it, and answers with what it shall be; an error
   * changes nothing.
   */
  async change<E>(decide: (present: EndpointRecord[]) => Result<EndpointRecord[], E>): Promise<Result<InventoryDiff, E>> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCKS.inventoryImport]);
      const present = await readEndpoints(manager);
      const wanted = decide(present);
      if (!wanted.ok) return wanted;
      const diff = diffInventory(present, wanted.value);
      await write(manager, diff, wanted.value);
      return ok(diff);
    });
  }
}

async function readEndpoints(manager: EntityManager): Promise<EndpointRecord[]> {
  const endpoints = await manager.find(Endpoint, {
    where: { removedAt: IsNull() },
    relations: { site: true },
    order: { siteCode: 'ASC', ordinal: 'ASC' },
  });
  const contacts = new Map((await manager.find(Contact)).map((contact) => [contactKey(contact.siteCode, contact.role), contact]));
  return endpoints.map((endpoint) => toRecord(endpoint, contacts));
}

async function write(manager: EntityManager, diff: InventoryDiff, wanted: EndpointRecord[]): Promise<void> {
  const touched = new Set([...diff.added, ...diff.changed].map(({ id }) => id));
  const records = wanted.filter(({ id }) => touched.has(id));
  // the rows of one site agree on everything that is the site's, so any of them will do
  const sites = [...new Map(records.map((record) => [record.siteCode, record])).values()];
  const siteCodes = sites.map(({ siteCode }) => siteCode);
  await manager.save(Site, sites.map(toSite), CHUNK);
  await manager.delete(Contact, { siteCode: In(siteCodes) });
  await manager.save(Contact, sites.flatMap(toContacts), CHUNK);
  await manager.save(Endpoint, records.map(toEndpoint), CHUNK);
  if (diff.removed.length) {
    await manager.update(Endpoint, { id: In(diff.removed.map(({ id }) => id)) }, { removedAt: () => 'now()' });
  }
}

const toSite = (record: EndpointRecord): Partial<Site> => ({
  code: record.siteCode,
  name: record.siteName,
  formerNames: record.formerNames,
  tier: record.tier,
  area: record.area,
  lat: record.lat,
  lon: record.lon,
});

function toContacts(record: EndpointRecord): Partial<Contact>[] {
  const contacts: Partial<Contact>[] = [
    { role: 'main', name: record.contactName, phone: record.contactPhone },
    { role: 'deputy', name: record.deputyName, phone: record.deputyPhone },
  ];
  return contacts.filter(({ name, phone }) => name || phone).map((contact) => ({ ...contact, siteCode: record.siteCode }));
}

const toEndpoint = (record: EndpointRecord): Partial<Endpoint> => ({
  id: record.id,
  siteCode: record.siteCode,
  ordinal: record.ordinal,
  address: record.address,
  sipUri: record.sipUri,
  h323: record.h323,
  carrier: record.carrier,
  circuitId: record.circuitId,
  model: record.model,
  note: record.note,
  removedAt: null,
});

const contactKey = (siteCode: string, role: ContactRole): string => `${role} ${siteCode}`;
const NO_CONTACT = { name: '', phone: '' };

function toRecord({ site, ...endpoint }: Endpoint, contacts: Map<string, Contact>): EndpointRecord {
  const main = contacts.get(contactKey(site.code, 'main')) ?? NO_CONTACT;
  const deputy = contacts.get(contactKey(site.code, 'deputy')) ?? NO_CONTACT;
  return {
    id: endpoint.id,
    siteCode: site.code,
    siteName: site.name,
    formerNames: site.formerNames,
    tier: site.tier,
    area: site.area,
    carrier: endpoint.carrier,
    circuitId: endpoint.circuitId,
    address: endpoint.address,
    sipUri: endpoint.sipUri,
    h323: endpoint.h323,
    ordinal: endpoint.ordinal,
    contactName: main.name,
    contactPhone: main.phone,
    deputyName: deputy.name,
    deputyPhone: deputy.phone,
    model: endpoint.model,
    lat: site.lat,
    lon: site.lon,
    note: endpoint.note,
  };
}
