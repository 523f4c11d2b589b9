import { Global, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import { TypeOrmModule, type TypeOrmModuleOptions } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { BoundedClient, sessionOptions } from './bounded-client.js';
import { CoreLock } from './core-lock.js';
import { DatabaseHealth } from './database-health.js';
import { Database } from './database.js';
import { PartitionKeeper } from './partition-keeper.js';
import { PG_POOL } from './tokens.js';

/** The inventory is small and changes by hand: a few connections beside the pool of the results do. */
const TYPEORM_POOL_SIZE = 3;
/** An import of thousands of rows is one transaction of few statements. */
const TYPEORM_LIMITS = { connectMs: 3_000, statementMs: 60_000 };

@Global()
@Module({
  providers: [
    {
      provide: Database,
      inject: [APP_CONFIG],
      useFactory: (config: AppConfig) => {
        const logger = new Logger('Database');
        return Database.open(config, { info: (line) => logger.log(line), warn: (line) => logger.warn(line) });
      },
    },
    { provide: PG_POOL, inject: [Database], useFactory: (database: Database) => database.pool },
    { provide: DatabaseHealth, inject: [Database], useFactory: (database: Database) => database.health },
    { provide: CoreLock, inject: [Database], useFactory: (database: Database) => database.lock },
  ],
  exports: [Database, PG_POOL, DatabaseHealth, CoreLock],
})
class ServerModule implements OnApplicationShutdown {
  constructor(private readonly database: Database) {}

  /** The last phase of a shutdown: whoever still writes does so before. */
  onApplicationShutdown(): Promise<void> {
    return this.database.close();
  }
}

function dataSourceOptions(database: Database): TypeOrmModuleOptions {
  return {
    type: 'postgres',
    url: database.url,
    poolSize: TYPEORM_POOL_SIZE,
    poolErrorHandler: () => undefined, // an idle connection that breaks: health tells
    extra: { ...sessionOptions('thong-suot inventory', TYPEORM_LIMITS), Client: BoundedClient },
    logging: false,
    autoLoadEntities: true,
    // the server was waited for; an error from here on is ours
    retryAttempts: 0,
  };
}

/** Schema up to date, one DataSource (entities come from each feature's own `TypeOrmModule.forFeature`), one pg Pool, health, partitions. */
@Module({
  imports: [
    ServerModule,
    TypeOrmModule.forRootAsync({
      imports: [ServerModule],
      inject: [Database],
      useFactory: dataSourceOptions,
    }),
  ],
  providers: [PartitionKeeper],
  exports: [PartitionKeeper],
})
export class DatabaseModule {
  constructor(database: Database, dataSource: DataSource) {
    database.adopt(dataSource);
  }
}
